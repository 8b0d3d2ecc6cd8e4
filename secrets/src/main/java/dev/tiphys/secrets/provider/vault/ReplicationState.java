package dev.tiphys.secrets.provider.vault;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// How far the server has told to be, in the header `X-Vault-Index`: a replica that is not as far
/// yet is not to answer.
///
/// Threads: any.
final class ReplicationState {

  private static final int PARTS = 5;

  private String furthest = ""; // guarded by this

  /// A state as it is written: `v1:CLUSTER:LOCAL:REPLICATED:SIGNATURE`, in base64.
  private record Position(String cluster, long local, long replicated) {
    static Optional<Position> of(String text) {
      try {
        String plain = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        String[] parts = plain.split(":", -1);
        return parts.length == PARTS && parts[0].equals("v1")
            ? Optional.of(
                new Position(
                    parts[1], Long.parseUnsignedLong(parts[2]), Long.parseUnsignedLong(parts[3])))
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    boolean isAtLeast(Position other) {
      return cluster.equals(other.cluster)
          && local >= other.local
          && replicated >= other.replicated;
    }
  }

  /// Empty if it has told nothing.
  synchronized String furthest() {
    return furthest;
  }

  /// The server has answered with this one; empty if it has not.
  synchronized void reached(String state) {
    Optional<Position> known = Position.of(furthest);
    Optional<Position> told = Position.of(state);
    boolean behind = known.isPresent() && told.isPresent() && known.get().isAtLeast(told.get());
    if (!state.isEmpty() && !behind) {
      furthest = state;
    }
  }
}
