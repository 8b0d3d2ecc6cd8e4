package dev.tiphys.secrets.provider.vault;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// How far the server has told to be, in the header `X-Vault-Index`: a replica that is not as far
/// yet is not to answer. Two states are kept where neither is ahead of the other in everything.
///
/// Threads: any.
final class ReplicationStates {

  private static final int PARTS = 5;
  private static final int MOST = 2;

  private List<String> states = List.of(); // guarded by this

  /// A state: `v1:CLUSTER:LOCAL:REPLICATED:SIGNATURE`, in base64.
  private record State(String cluster, long local, long replicated) {
    static Optional<State> of(String text) {
      try {
        String plain = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        String[] parts = plain.split(":", -1);
        return parts.length == PARTS && parts[0].equals("v1")
            ? Optional.of(
                new State(
                    parts[1], Long.parseUnsignedLong(parts[2]), Long.parseUnsignedLong(parts[3])))
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    boolean isAtLeast(State other) {
      return local >= other.local && replicated >= other.replicated;
    }
  }

  synchronized List<String> all() {
    return states;
  }

  /// The server answered with this one.
  synchronized void add(String newer) {
    if (newer.isEmpty()) {
      return;
    }
    Optional<State> now = State.of(newer);
    LinkedHashSet<String> kept = new LinkedHashSet<>();
    for (String each : states) {
      Optional<State> before = State.of(each);
      boolean comparable =
          now.isPresent() && before.isPresent() && now.get().cluster.equals(before.get().cluster);
      if (!comparable) {
        states = List.of(newer);
        return;
      }
      boolean ahead = before.get().isAtLeast(now.get());
      boolean behind = now.get().isAtLeast(before.get());
      if (ahead || !behind) {
        kept.add(each);
      }
      if (!ahead) {
        kept.add(newer);
      }
    }
    kept.add(kept.isEmpty() ? newer : kept.getFirst());
    List<String> all = new ArrayList<>(kept);
    states = List.copyOf(all.subList(Math.max(0, all.size() - MOST), all.size()));
  }
}
