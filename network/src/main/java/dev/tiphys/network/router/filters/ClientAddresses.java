package dev.tiphys.network.router.filters;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;
import java.net.InetAddress;
import java.util.List;

/// Lets requests from some addresses go on, and answers 403 to others.
///
/// @param allowed empty for all that are not denied
/// @param denied come before those that are allowed
public record ClientAddresses(List<Prefix> allowed, List<Prefix> denied) implements Filter {

  public ClientAddresses {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
  }

  @Override
  public void filter(Passage passage) {
    InetAddress client = passage.client();
    boolean admitted = !isIn(denied, client) && (allowed.isEmpty() || isIn(allowed, client));
    if (admitted) {
      passage.goOn();
    } else {
      passage.answer(403);
    }
  }

  static boolean isIn(List<Prefix> ranges, InetAddress address) {
    for (Prefix each : ranges) {
      if (each.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
