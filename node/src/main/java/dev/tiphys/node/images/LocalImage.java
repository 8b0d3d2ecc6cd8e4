package dev.tiphys.node.images;

import java.util.List;

/// An image that is here in full, ready to be loaded.
///
/// @param names its full names
/// @param blobs all of it, each blob after those that it refers to; the last is the top
record LocalImage(List<String> names, List<Blob> blobs) {

  LocalImage {
    names = List.copyOf(names);
    blobs = List.copyOf(blobs);
  }

  Blob top() {
    return blobs.getLast();
  }
}
