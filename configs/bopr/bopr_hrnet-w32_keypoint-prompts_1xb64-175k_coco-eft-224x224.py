# Beyond the paper: BoPR that may be told 2D key points. It also works without
# any. Not measured here: the data are licensed.
#
#   tools/dist_train.sh configs/bopr/bopr_hrnet-w32_keypoint-prompts_1xb64-175k_coco-eft-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-175k_coco-eft-224x224.py'
model = dict(head=dict(type='KeypointPromptBARHead'))
train_pipeline = [
    dict(type='MeshRandomFlip', prob=0.5),
    dict(type='MeshRandomBBoxTransform'),
    dict(type='LoadMeshImage', reduce_for={{_base_.input_size}}),
    dict(type='MeshTopdownAffine', input_size={{_base_.input_size}}),
    dict(type='RandomKeypointPrompts'),
    dict(type='RandomChannelGain'),
    dict(type='PackMeshInputs'),
]
train_dataloader = dict(
    dataset=dict(datasets=[dict(_base_.coco, pipeline=train_pipeline)])
)
