package dev.tiphys.node.runtime.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The user that a process runs as.
///
/// @param user null for the image's
/// @param group null for the user's; may only be given with a user
/// @param groups further groups
/// @param strict whether `groups` are all the further groups, or the image's `/etc/group` adds to
///   them
public record Identity(
    @Nullable Long user, @Nullable Long group, List<Long> groups, boolean strict) {

  /// The user that the image says.
  public static final Identity OF_IMAGE = new Identity(null, null, List.of(), false);

  public Identity {
    groups = List.copyOf(groups);
  }
}
