package dev.tiphys.node.simulated;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The IP addresses of Pods: each has one that no other has.
///
/// Threads: any.
final class Addresses {

  /// 10.128.0.0/9 has room for eight million.
  private static final int FIRST = 10 << 24 | 128 << 16;

  private static final int COUNT = 1 << 23;

  private final Map<String, String> byPod = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private int last;

  /// An address as text.
  static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 255)
        + "."
        + (address >>> 8 & 255)
        + "."
        + (address & 255);
  }

  /// The address of a Pod.
  ///
  /// @param uid whose
  synchronized String of(String uid) {
    return byPod.computeIfAbsent(uid, _ -> take());
  }

  /// Leaves a Pod the address that it has.
  synchronized void keep(String uid, String address) {
    if (byPod.putIfAbsent(uid, address) == null) {
      taken.add(address);
    }
  }

  private String take() {
    for (int i = 0; i < COUNT; i++) {
      last = last % (COUNT - 2) + 1;
      String address = text(FIRST + last);
      if (taken.add(address)) {
        return address;
      }
    }
    throw new IllegalStateException("all addresses of pods are taken");
  }

  /// Takes the address of a Pod back that is gone.
  synchronized void release(String uid) {
    String address = byPod.remove(uid);
    if (address != null) {
      taken.remove(address);
    }
  }
}
