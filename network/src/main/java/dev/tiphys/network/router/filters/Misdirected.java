package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.ClientTls;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;
import java.util.List;
import java.util.Locale;

/// Answers 421 to requests for a host of which the client has not asked as it began TLS (RFC 9110,
/// 15.5.20): one that another listener of the port serves, with its own certificates and its own
/// demands on clients.
///
/// @param hosts of all listeners of the port that end TLS; `*.domain` stands for all below a
///   domain, nothing for any
public record Misdirected(List<String> hosts) implements Filter {

  private static final String NONE = "none";

  public Misdirected {
    hosts = List.copyOf(hosts);
  }

  @Override
  public void filter(Passage passage) {
    ClientTls tls = passage.tls();
    if (tls == null
        || listener(tls.name() == null ? "" : tls.name())
            .equals(listener(passage.request().host().toLowerCase(Locale.ROOT)))) {
      passage.goOn();
    } else {
      passage.answer(421);
    }
  }

  /// The listener for a name: the one of that very name, else that of the longest wildcard.
  private String listener(String name) {
    String found = NONE;
    int length = -1;
    for (String each : hosts) {
      boolean fits =
          each.isEmpty()
              || each.equals(name)
              || each.startsWith("*.") && name.endsWith(each.substring(1));
      int rank = each.equals(name) ? Integer.MAX_VALUE : each.length();
      if (fits && rank > length) {
        found = each;
        length = rank;
      }
    }
    return found;
  }
}
