package dev.tiphys.network.policy;

import dev.tiphys.network.Prefix;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The other end of connections, as a policy says it.
sealed interface Peer {

  /// Whether a Pod is meant that has this address.
  boolean covers(Member pod, InetAddress address);

  /// Two of the same text mean the same.
  String text();

  /// All the world.
  record Anyone() implements Peer {
    @Override
    public boolean covers(Member pod, InetAddress address) {
      return true;
    }

    @Override
    public String text() {
      return "anyone";
    }
  }

  /// Pods by their labels.
  ///
  /// @param namespace the only one whose Pods are meant; empty for those that `namespaces` selects
  record Pods(String namespace, LabelSelector namespaces, LabelSelector pods) implements Peer {
    @Override
    public boolean covers(Member pod, InetAddress address) {
      boolean there =
          namespace.isEmpty()
              ? namespaces.matches(pod.namespaceLabels())
              : namespace.equals(pod.namespace());
      return there && pods.matches(pod.labels());
    }

    @Override
    public String text() {
      return "pods " + text(pods) + " of " + namespace + "/" + text(namespaces);
    }

    private static String text(LabelSelector selector) {
      return selector.requirements().stream()
          .map(Object::toString)
          .sorted()
          .collect(Collectors.joining(","));
    }
  }

  /// Addresses of a block, without those of its exceptions.
  record Block(Prefix prefix, List<Prefix> except) implements Peer {
    @Override
    public boolean covers(Member pod, InetAddress address) {
      return contains(address);
    }

    boolean contains(InetAddress address) {
      return prefix.contains(address) && except.stream().noneMatch(one -> one.contains(address));
    }

    @Override
    public String text() {
      return prefix + " without " + except;
    }
  }

  /// Null if nothing is meant.
  ///
  /// @param namespace the policy's
  static @Nullable Peer of(Struct peer, String namespace) {
    if (peer.has("ipBlock")) {
      Struct block = peer.struct("ipBlock");
      Prefix prefix = Prefix.parse(block.string("cidr"));
      List<Prefix> except =
          block.strings("except").stream().map(Prefix::parse).filter(Objects::nonNull).toList();
      return prefix == null ? null : new Block(prefix, except);
    }
    if (!peer.has("podSelector") && !peer.has("namespaceSelector")) {
      return null;
    }
    LabelSelector pods = LabelSelector.from(peer.struct("podSelector"));
    return peer.has("namespaceSelector")
        ? new Pods("", LabelSelector.from(peer.struct("namespaceSelector")), pods)
        : new Pods(namespace, LabelSelector.EVERYTHING, pods);
  }
}
