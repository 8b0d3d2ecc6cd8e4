package dev.tiphys.controllers.daemonset;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// What is to be done for a DaemonSet.
///
/// @param nodes those that are to get a Pod
/// @param doomed the Pods that are to go
record Changes(List<String> nodes, List<Struct> doomed) {

  Changes() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  boolean isEmpty() {
    return nodes.isEmpty() && doomed.isEmpty();
  }
}
