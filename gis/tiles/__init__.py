"""What the map shows of the other rooms: vector tiles, features under a click, things found."""
