package dev.tiphys.node.volumes;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/// Brings volumes of one kind to Pods.
///
/// Whatever a plugin has done for a Pod it finds again, in the Pod's directory, among the mounts,
/// or in a ledger of its own: the agent may end at any moment, and the one that starts next calls
/// [#prepare] for the Pods that are still wanted and [#release] for the others.
///
/// Threads: any; for one Pod one at a time.
public interface VolumePlugin {

  /// Whether a volume is this plugin's.
  ///
  /// @param source what the Pod or the PersistentVolume says of it: `{configMap: …}`
  boolean handles(Struct source);

  /// What upstream calls the plugin.
  ///
  /// @param source of a volume of its own
  String name(Struct source);

  /// Makes a volume ready for the Pod's containers. Does what is missing, and nothing if nothing
  /// is; brings what the volume shows up to date.
  ///
  /// @return the directory or file, or the device if it is a block volume
  /// @throws VolumeFailure if it can't be used now
  Path prepare(VolumeRequest request) throws VolumeFailure, IOException, InterruptedException;

  /// Gives back what a Pod has had of this plugin; does nothing if that is nothing. What lies in
  /// the Pod's own directory is removed, and what is mounted there unmounted, without its help.
  ///
  /// @throws IOException if something stays; to be tried again
  default void release(String uid) throws IOException, InterruptedException {}

  /// Finds again what the last agent has left, if that is written down. Comes before everything
  /// else.
  default void start() throws IOException {}

  /// Gives back what the node has and no Pod uses. What cannot be given back is tried again the
  /// next time. Called now and then.
  default void tidy() throws InterruptedException {}

  /// The Pods that have something of this plugin that is not in their directory, by uid.
  default Set<String> users() {
    return Set.of();
  }
}
