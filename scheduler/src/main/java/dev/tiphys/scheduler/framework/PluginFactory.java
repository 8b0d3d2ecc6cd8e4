package dev.tiphys.scheduler.framework;

import dev.tiphys.object.Struct;

/// Makes a plugin for a profile.
@FunctionalInterface
public interface PluginFactory {

  /// @param arguments what the configuration says of the plugin, with the defaults filled in
  Plugin make(Handle handle, Struct arguments);
}
