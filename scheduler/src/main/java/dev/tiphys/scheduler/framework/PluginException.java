package dev.tiphys.scheduler.framework;

/// A plugin could not do its part, for a reason that is not the Pod's: the Pod is tried again after
/// a while.
public final class PluginException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public PluginException(String message) {
    super(message);
  }
}
