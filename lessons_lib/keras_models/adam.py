"""Adam as one TensorFlow operation for each array of weights, where Keras' own takes two dozen."""

import keras
import tensorflow as tf

MOMENTS = ("momentum", "velocity")


@keras.saving.register_keras_serializable("lessons_lib")
class Adam(keras.optimizers.Adam):
    """Keras' Adam, without amsgrad and for weights of float32, whose first step on a deep network comes sooner.

    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, https://arxiv.org/abs/1412.6980

    >>> network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
    >>> network.compile(Adam(0.1), "mse")
    >>> loss = network.train_on_batch(tf.ones((1, 2)), tf.zeros((1, 1)))
    >>> print(network.get_weights()[0].ravel().round(3))
    [0.9 0.9]
    """

    def __init__(self, learning_rate=1e-3, **options):
        super().__init__(learning_rate, **options)
        if self.amsgrad:
            raise ValueError("amsgrad is True, which this Adam cannot do; take keras.optimizers.Adam")

    def build(self, variables):
        """Two moments of the gradient for each array of weights, in place of those of Keras' Adam."""
        if not self.built:
            keras.optimizers.Optimizer.build(self, variables)
            self.moments = {
                id(variable.handle): [self.add_variable_from_reference(variable, name) for name in MOMENTS]
                for variable in variables
            }

    def apply(self, grads, trainable_variables=None):
        """One step against the gradients; what is the same for all weights is computed once."""
        step = keras.ops.cast(self.iterations + 1, "float32")
        self.powers = [tf.pow(beta, step) for beta in (self.beta_1, self.beta_2)]
        return super().apply(grads, trainable_variables)

    def update_step(self, gradient, variable, learning_rate):
        """Move one array of weights and its two moments."""
        momentum, velocity = self.moments[id(variable.handle)]
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle, m=momentum.handle, v=velocity.handle,
            beta1_power=self.powers[0], beta2_power=self.powers[1], lr=learning_rate,
            beta1=self.beta_1, beta2=self.beta_2, epsilon=self.epsilon, grad=gradient,
        )  # fmt: skip
