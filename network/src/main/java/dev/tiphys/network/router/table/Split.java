package dev.tiphys.network.router.table;

import dev.tiphys.network.router.backends.Backend;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Backends, each with its share of the requests.
public record Split(List<Share> shares) {

  /// A backend, and how many requests of the sum of all weights it is given.
  ///
  /// @param request what is changed of the headers of its requests, besides what the route changes
  /// @param response what is changed of the headers of its responses
  public record Share(Backend backend, int weight, HeaderEdits request, HeaderEdits response) {
    public Share {
      if (weight < 0) {
        throw new IllegalArgumentException("a weight below 0");
      }
    }

    public Share(Backend backend, int weight) {
      this(backend, weight, HeaderEdits.NONE, HeaderEdits.NONE);
    }
  }

  public Split {
    shares = List.copyOf(shares);
  }

  /// All requests go to one backend.
  public static Split all(Backend backend) {
    return new Split(List.of(new Share(backend, 1)));
  }

  /// The share that one request belongs to: each with the chance of its weight over the sum.
  ///
  /// @return null if no backend has any weight
  public @Nullable Share choose(RandomGenerator random) {
    long sum = 0;
    for (Share share : shares) {
      sum += share.weight();
    }
    if (sum == 0) {
      return null;
    }
    long drawn = shares.size() == 1 ? 0 : random.nextLong(sum);
    for (Share share : shares) {
      drawn -= share.weight();
      if (drawn < 0) {
        return share;
      }
    }
    throw new AssertionError("more was drawn than there is");
  }
}
