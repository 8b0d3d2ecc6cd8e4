package dev.tiphys.scheduler.decisions;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.Plugin;
import java.util.List;

/// A plugin that knows what would have to change for it to let a Pod onto a node.
public interface RemedyPlugin extends Plugin {

  /// What all has to be changed on a node that the plugin refuses; nothing if it does not know.
  List<Remedy> remedies(PodInfo pod, NodeInfo node);
}
