"""How we learn: jobs that may be slow and may import MLflow. Serving never imports this package."""
