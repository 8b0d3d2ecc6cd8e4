package dev.tiphys.node.images;

import java.util.Map;

/// A piece of an image.
///
/// @param digest `sha256:…`
/// @param references what it refers to: digests, by the labels that keep these from being collected
///   as garbage
record Blob(String digest, String mediaType, BlobSource source, Map<String, String> references) {

  static Blob leaf(String digest, String mediaType, BlobSource source) {
    return new Blob(digest, mediaType, source, Map.of());
  }
}
