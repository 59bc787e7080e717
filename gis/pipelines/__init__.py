"""Underground networks (地下管线): segments, valves, manholes."""
