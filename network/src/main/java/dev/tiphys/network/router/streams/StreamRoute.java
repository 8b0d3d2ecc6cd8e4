package dev.tiphys.network.router.streams;

import dev.tiphys.network.router.table.Split;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Where connections go.
///
/// @param rules the first one for a client counts; connections of clients that none is for are
///   closed
/// @param terminates whether TLS ends here, and the backend is spoken to without it
public record StreamRoute(List<Rule> rules, boolean terminates) {

  /// Where connections of some clients go.
  ///
  /// @param clients null for all
  /// @param split which backend one goes to; without any weight they are closed
  public record Rule(@Nullable Predicate<InetAddress> clients, Split split) {

    /// Whether it is for every client.
    public boolean isForAll() {
      return clients == null;
    }

    boolean isFor(InetAddress client) {
      return clients == null || clients.test(client);
    }
  }

  public StreamRoute {
    rules = List.copyOf(rules);
  }

  /// The same for all clients.
  public StreamRoute(Split split, boolean terminates) {
    this(List.of(new Rule(null, split)), terminates);
  }

  /// Among which backends a client's connection is given to one; null if it is closed.
  @Nullable Split split(InetAddress client) {
    for (Rule each : rules) {
      if (each.isFor(client)) {
        return each.split();
      }
    }
    return null;
  }
}
