package dev.tiphys.network.policy;

import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.SetSpec;
import dev.tiphys.network.nftables.Type;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Pods whose addresses are in one set of the kernel, which all rules share that mean the same
/// Pods: when one of them comes or goes, an element of the set does.
///
/// @param port the ports of theirs that are meant as well; null for their addresses alone
record Selection(Peer peer, PolicyPort.@Nullable Name port) {

  private String text() {
    return port == null ? peer.text() : peer.text() + " on " + port;
  }

  /// The set's name, the same for the same Pods and ports.
  String set() {
    return "peers-" + UUID.nameUUIDFromBytes(text().getBytes(StandardCharsets.UTF_8));
  }

  SetSpec spec(Family family) {
    Type address = Type.address(family);
    return SetSpec.set(set(), port == null ? address : Type.of(address, Type.PROTOCOL, Type.PORT));
  }

  /// What a Pod has in the set; nothing if it is not meant.
  List<Key> elements(Member pod, Family family) {
    List<Key> elements = new ArrayList<>();
    for (InetAddress address : pod.addresses()) {
      if (Family.of(address) != family || !peer.covers(pod, address)) {
        continue;
      }
      if (port == null) {
        elements.add(Key.of(address));
      } else {
        for (int number : pod.ports(port)) {
          elements.add(Key.of(address).protocol(port.protocol().number()).port(number));
        }
      }
    }
    return elements;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Selection selection && text().equals(selection.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }
}
