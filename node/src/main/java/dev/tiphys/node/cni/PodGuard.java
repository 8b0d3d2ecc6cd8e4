package dev.tiphys.node.cni;

import dev.tiphys.object.Struct;
import java.util.List;

/// What stands between the Pods of this node and the rest of the network: policies, ports of the
/// node, Services that lead to a Pod.
///
/// Threads: any, several Pods at once; one Pod's calls come one after the other, but for [#drain].
public interface PodGuard {

  /// Nothing stands between.
  PodGuard NONE =
      new PodGuard() {
        @Override
        public void protect(Struct pod, List<String> addresses) {}

        @Override
        public void drain(Struct pod) {}

        @Override
        public void release(String uid) {}
      };

  /// Returns once all that is to hold for a Pod does. It has its addresses then, and no container
  /// yet. Does no harm if it holds already.
  ///
  /// @throws CniException if it cannot be made to hold; the Pod must not run before another try
  ///   succeeded
  void protect(Struct pod, List<String> addresses) throws CniException, InterruptedException;

  /// Returns once no new connections are sent to a Pod that is being deleted, or when that takes
  /// longer than is worth waiting for. Its containers have not been told to end yet.
  void drain(Struct pod) throws InterruptedException;

  /// Forgets a Pod whose addresses are given back. Does no harm if it is not known.
  ///
  /// @param uid of the Pod
  void release(String uid);
}
