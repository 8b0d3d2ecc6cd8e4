package dev.tiphys.node.volumes;

import dev.tiphys.client.Api;
import dev.tiphys.node.runtime.ImageMounts;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.spec.References;
import dev.tiphys.node.volumes.iscsi.Initiator;
import dev.tiphys.node.volumes.iscsi.IscsiPlugin;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// The plugins for the kinds of volumes that need no driver.
public final class BuiltInPlugins {
  private BuiltInPlugins() {}

  /// @param images those that volumes can be
  public static List<VolumePlugin> of(
      World world,
      Api api,
      References references,
      ServiceAccountTokens tokens,
      ImageMounts images,
      PodDirectories directories,
      Mounts mounts) {
    Payloads payloads = new Payloads(references, tokens, new TrustBundles(api));
    AtomicWriter writer = new AtomicWriter(world);
    List<VolumePlugin> all = new ArrayList<>();
    for (PayloadPlugin.Kind kind : PayloadPlugin.Kind.values()) {
      all.add(new PayloadPlugin(kind, directories, payloads, writer));
    }
    all.add(new EmptyDirPlugin(directories, mounts));
    all.add(new HostPathPlugin());
    all.add(new LocalPlugin(directories, mounts));
    all.add(new NfsPlugin(directories, mounts));
    all.add(new IscsiPlugin(world, api, directories, mounts, Initiator.ofThisMachine(world)));
    all.add(new ImagePlugin(directories, images));
    return all;
  }
}
