"""Read by Voila (`make present`): the same as for JupyterLab."""

c = get_config()  # noqa: F821 (Jupyter gives it)
load_subconfig("jupyter_server_config.py")  # noqa: F821
c.Voila.kernel_websocket_connection_class = c.ServerApp.kernel_websocket_connection_class
