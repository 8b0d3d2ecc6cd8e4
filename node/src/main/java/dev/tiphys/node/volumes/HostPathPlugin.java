package dev.tiphys.node.volumes;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Path;

/// Files and directories of the node, as Pods or PersistentVolumes name them.
final class HostPathPlugin implements VolumePlugin {

  @Override
  public boolean handles(Struct source) {
    return source.has("hostPath");
  }

  @Override
  public String name(Struct source) {
    return "kubernetes.io/host-path";
  }

  @Override
  public Path prepare(VolumeRequest request) throws VolumeFailure, IOException {
    Struct source = request.source().struct("hostPath");
    return HostPaths.of(source.string("path"), source.string("type"));
  }
}
