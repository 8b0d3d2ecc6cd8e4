package dev.tiphys.node.volumes.csi;

import dev.tiphys.csi.PluginRegistration.PluginInfo;

/// What becomes of plugins of one kind that make themselves known.
///
/// Threads: one at a time for each plugin.
public interface PluginKind {

  /// As plugins name it: `CSIPlugin`.
  String type();

  /// Makes what is needed before the first plugin comes; called again if it fails.
  ///
  /// @throws dev.tiphys.object.api.ApiException if that can't be now
  default void begin() {}

  /// A plugin is there.
  ///
  /// @param endpoint where it answers; from now on this kind's, unless this throws
  /// @throws IllegalArgumentException if it can't be used; the plugin is told why
  /// @throws dev.tiphys.grpc.GrpcException if it does not answer
  /// @throws dev.tiphys.object.api.ApiException if the cluster can't be told of it now
  void add(PluginInfo info, PluginEndpoint endpoint) throws InterruptedException;

  /// A plugin is gone.
  void remove(String name);
}
