package dev.tiphys.node.volumes.csi;

import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.csi.NodeService;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.node.volumes.ledger.Ledger;
import dev.tiphys.node.volumes.ledger.LedgerEntry;
import dev.tiphys.node.volumes.ledger.LedgerEntry.Publication;
import dev.tiphys.node.volumes.usage.DriverUsage;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.node.volumes.usage.VolumeUsage.Amount;
import java.lang.System.Logger.Level;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks drivers how full the volumes are that they have published.
///
/// Threads: any.
final class CsiUsage implements DriverUsage {
  private static final System.Logger LOG = System.getLogger(CsiUsage.class.getName());

  private final CsiDrivers drivers;
  private final Ledger ledger;
  private final boolean watchesHealth;

  /// @param watchesHealth whether to pass on what drivers say of the condition of volumes
  CsiUsage(CsiDrivers drivers, Ledger ledger, boolean watchesHealth) {
    this.drivers = drivers;
    this.ledger = ledger;
    this.watchesHealth = watchesHealth;
  }

  @Override
  public @Nullable VolumeUsage of(String uid, String volume) throws InterruptedException {
    for (LedgerEntry entry : ledger.all()) {
      Publication publication = entry.publications().get(uid);
      if (publication != null && entry.name().equals(volume)) {
        return ask(entry, publication.target());
      }
    }
    return null;
  }

  private @Nullable VolumeUsage ask(LedgerEntry entry, String target) throws InterruptedException {
    PluginEndpoint endpoint = drivers.find(entry.driver());
    if (endpoint == null) {
      return null;
    }
    try {
      Set<RPC.Type> abilities = CsiDrivers.abilities(endpoint);
      if (!abilities.contains(RPC.Type.GET_VOLUME_STATS)) {
        return null;
      }
      Csi.NodeGetVolumeStatsResponse answer =
          endpoint.call(
              NodeService.NODE_GET_VOLUME_STATS,
              Csi.NodeGetVolumeStatsRequest.newBuilder()
                  .setVolumeId(entry.handle())
                  .setVolumePath(target)
                  .setStagingTargetPath(entry.staging())
                  .build());
      return usage(answer, watchesHealth && abilities.contains(RPC.Type.VOLUME_CONDITION));
    } catch (GrpcException e) {
      LOG.log(
          Level.DEBUG,
          "a driver does not say how full a volume is: driver={0} volume={1} {2}",
          entry.driver(),
          entry.name(),
          e.getMessage());
      return null;
    }
  }

  private static VolumeUsage usage(Csi.NodeGetVolumeStatsResponse answer, boolean tellsCondition) {
    Amount bytes = new Amount(0, 0, 0);
    Amount inodes = null;
    for (Csi.VolumeUsage each : answer.getUsageList()) {
      Amount amount = new Amount(each.getTotal(), each.getUsed(), each.getAvailable());
      if (each.getUnit() == Csi.VolumeUsage.Unit.BYTES) {
        bytes = amount;
      } else if (each.getUnit() == Csi.VolumeUsage.Unit.INODES) {
        inodes = amount;
      }
    }
    Csi.VolumeCondition condition = answer.getVolumeCondition();
    VolumeUsage.Health health =
        tellsCondition
            ? new VolumeUsage.Health(condition.getAbnormal(), condition.getMessage())
            : null;
    return new VolumeUsage(bytes, inodes, health);
  }
}
