package dev.tiphys.node.volumes.csi;

import dev.tiphys.csi.Csi;
import dev.tiphys.csi.NodeService;
import dev.tiphys.csi.PluginRegistration.PluginInfo;

/// Storage drivers that make themselves known.
///
/// Threads: any.
public final class CsiKind implements PluginKind {
  private final CsiDrivers drivers;
  private final CsiNodeObject object;

  public CsiKind(CsiDrivers drivers, CsiNodeObject object) {
    this.drivers = drivers;
    this.object = object;
  }

  @Override
  public String type() {
    return "CSIPlugin";
  }

  @Override
  public void begin() {
    object.ensure();
  }

  @Override
  public void add(PluginInfo info, PluginEndpoint endpoint) throws InterruptedException {
    String name = info.getName();
    if (info.getSupportedVersionsList().stream().noneMatch(CsiKind::isSpoken)) {
      throw new IllegalArgumentException(
          "kubernetes.io/csi: RegisterPlugin for CSI driver \"%s\" failed. None of the versions specified %s are supported."
              .formatted(name, info.getSupportedVersionsList()));
    }
    Csi.NodeGetInfoResponse node =
        endpoint.call(NodeService.NODE_GET_INFO, Csi.NodeGetInfoRequest.getDefaultInstance());
    if (node.getNodeId().isEmpty()) {
      throw new IllegalArgumentException(
          "error adding CSI driver node info: driverNodeID must not be empty");
    }
    synchronized (object) {
      object.install(name, node);
    }
    drivers.add(name, endpoint);
  }

  private static boolean isSpoken(String version) {
    return version.matches("v?1(\\..*)?");
  }

  @Override
  public void remove(String name) {
    drivers.remove(name);
    synchronized (object) {
      object.uninstall(name);
    }
  }
}
