# "PARE w TF" of the paper's table 5: PARE's features, the transformer of BoPR,
# no body reference and no relative depth.
_base_ = './pare_hrnet-w32.py'
model = dict(head=dict(type='PARETransformerHead'))
