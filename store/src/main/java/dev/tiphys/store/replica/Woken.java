package dev.tiphys.store.replica;

import dev.tiphys.world.Gate;
import java.util.ArrayList;
import java.util.List;

/// The readers that have news, gathered under the lock of a history and woken outside of it.
final class Woken {

  private final List<Gate> gates = new ArrayList<>();

  void add(Gate gate) {
    gates.add(gate);
  }

  void wake() {
    gates.forEach(Gate::open);
  }
}
