"""Pictures of arrays that every lesson draws; the only drawing besides the lessons' own `figures`."""
