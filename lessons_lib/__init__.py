"""The helper package of a course on convolutional neural networks: one module a lesson, named by its slug."""

__version__ = "0.1.0"
