# Adam at a constant rate.  The paper's "5 x e^-5" is read as 5e-5, the rate of
# SPIN and PARE: with Euler's number it would be 0.03.
optim_wrapper = dict(optimizer=dict(type='Adam', lr=5e-5))
auto_scale_lr = dict(enable=False, base_batch_size=64)
