"""Read by JupyterLab, since `course.py` sets JUPYTER_CONFIG_PATH: an answer reaches the page at once."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    # TCP by default holds a short message back until the one before it has been acknowledged, which a browser does up
    # to 40 ms later. A panel's answer is such a message: every second one came that much later.

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821 (Jupyter gives it)
c.ServerApp.kernel_websocket_connection_class = PromptConnection
# Voila's page within JupyterLab asks other hosts for its fonts; `make present` does without it.
c.ServerApp.jpserver_extensions = {"voila.server_extension": False}
