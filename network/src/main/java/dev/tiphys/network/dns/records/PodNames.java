package dev.tiphys.network.dns.records;

import dev.tiphys.object.IpAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// Names that are made of addresses of Pods: `10-244-0-7`.
final class PodNames {

  private PodNames() {}

  /// The address in such a name; null if there is none.
  static @Nullable InetAddress address(String label) {
    String text = label.replace('-', '.');
    if (IpAddress.parse(text) == null) {
      text = label.replace('-', ':');
    }
    return IpAddress.parse(text) == null ? null : InetAddress.ofLiteral(text);
  }
}
