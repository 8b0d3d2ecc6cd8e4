package dev.tiphys.node.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image on the node.
///
/// @param id the digest of its configuration, `sha256:…`
/// @param tags its names with a tag
/// @param digests its names with a digest; none if it came from a file
/// @param size in bytes, as stored
/// @param user the number of the user it runs as; null if it says none, or a name
/// @param userName the name of the user it runs as; empty if it says none, or a number
/// @param pinned whether it must not be removed to make room
public record Image(
    String id,
    List<String> tags,
    List<String> digests,
    long size,
    @Nullable Long user,
    String userName,
    boolean pinned) {

  public Image {
    tags = List.copyOf(tags);
    digests = List.copyOf(digests);
  }
}
