"""The name of the annotation format, ``docs/data_format.md``."""

ANNOTATION_FORMAT = 'mmbopr-1'
