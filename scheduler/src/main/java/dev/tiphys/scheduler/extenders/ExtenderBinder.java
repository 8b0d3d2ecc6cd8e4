package dev.tiphys.scheduler.extenders;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.BindPlugin;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PluginException;

/// Leaves it to an extender to bind the Pods that it is interested in.
public final class ExtenderBinder implements BindPlugin {

  private final Extender extender;

  ExtenderBinder(Extender extender) {
    this.extender = extender;
  }

  @Override
  public String name() {
    return "ExtenderBinder";
  }

  @Override
  public boolean bind(CycleState state, PodInfo pod, NodeInfo node) {
    if (!extender.isInterestedIn(pod)) {
      return false;
    }
    try {
      extender.bind(pod, node.name());
      return true;
    } catch (ExtenderException e) {
      throw new PluginException(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginException("context canceled");
    }
  }
}
