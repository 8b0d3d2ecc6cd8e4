package dev.tiphys.secrets.provider.aws.secretsmanager;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.PushMetadata;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import dev.tiphys.secrets.provider.aws.client.AwsException;
import java.util.List;

/// In which other regions a secret is.
record Replication(AwsClient client) {

  /// A list of regions as AWS has it.
  static List<Struct> regions(List<String> regions, String key) {
    return regions.stream()
        .map(
            each ->
                key.isEmpty()
                    ? Struct.of("Region", each)
                    : Struct.of("Region", each, "KmsKeyId", key))
        .toList();
  }

  private static List<String> there(Struct described) {
    return described.structs("ReplicationStatus").stream()
        .map(each -> each.string("Region"))
        .toList();
  }

  /// Has it in the regions of a push, if that names any.
  void apply(String name, Struct described, PushMetadata metadata) throws InterruptedException {
    if (!metadata.spec().has("replicationLocations")) {
      return;
    }
    List<String> there = there(described);
    List<String> wanted = metadata.spec().strings("replicationLocations");
    remove(name, there.stream().filter(each -> !wanted.contains(each)).toList());
    List<String> added = wanted.stream().filter(each -> !there.contains(each)).toList();
    if (!added.isEmpty()) {
      call(
          "ReplicateSecretToRegions",
          Struct.of(
              "SecretId", name, "AddReplicaRegions", regions(added, described.string("KmsKeyId"))),
          "failed to replicate existing secret to regions: ");
    }
  }

  /// Takes it out of all other regions.
  void end(String name, Struct described) throws InterruptedException {
    remove(name, there(described));
  }

  private void remove(String name, List<String> regions) throws InterruptedException {
    if (!regions.isEmpty()) {
      call(
          "RemoveRegionsFromReplication",
          Struct.of("SecretId", name, "RemoveReplicaRegions", regions),
          "failed to remove regions from secret replication: ");
    }
  }

  private void call(String action, Struct request, String failure) throws InterruptedException {
    try {
      Struct _ = client.call(action, request);
    } catch (AwsException e) {
      throw new StoreException(failure + e.message());
    }
  }
}
