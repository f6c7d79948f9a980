"""Adam as one operation for each array of weights, by TensorFlow's own kernel, where Keras' takes two dozen."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("lessons_lib")
class Adam(keras.optimizers.Adam):
    """Keras' Adam for weights of float32: the same numbers after each step, but a deep network is prepared sooner.

    Parameters
    ----------
    learning_rate : float
    options : dict
        What Keras' own takes, but for `amsgrad`.

    Raises
    ------
    ValueError
        If `amsgrad` is asked for.

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, https://arxiv.org/abs/1412.6980

    Examples
    --------
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

    def apply(self, grads, trainable_variables=None):
        """One step against the gradients; what is the same for all weights is computed once."""
        step = keras.ops.cast(self.iterations + 1, "float32")
        self._powers = [tf.pow(beta, step) for beta in (self.beta_1, self.beta_2)]
        return super().apply(grads, trainable_variables)

    def update_step(self, gradient, variable, learning_rate):
        """Move one array of weights, and the two means that Adam keeps of its gradient."""
        place = self._get_variable_index(variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle, m=self._momentums[place].value.handle, v=self._velocities[place].value.handle,
            beta1_power=self._powers[0], beta2_power=self._powers[1], lr=learning_rate,
            beta1=self.beta_1, beta2=self.beta_2, epsilon=self.epsilon, grad=gradient,
        )  # fmt: skip
