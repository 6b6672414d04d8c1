//! Why an object is alive: shortest paths of strong references from the roots.
