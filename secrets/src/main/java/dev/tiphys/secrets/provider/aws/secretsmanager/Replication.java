package dev.tiphys.secrets.provider.aws.secretsmanager;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.PushMetadata;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
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
      Struct _ =
          client.call(
              "ReplicateSecretToRegions",
              Struct.of(
                  "SecretId",
                  name,
                  "AddReplicaRegions",
                  regions(added, described.string("KmsKeyId"))));
    }
  }

  /// Takes it out of all other regions.
  void end(String name, Struct described) throws InterruptedException {
    remove(name, there(described));
  }

  private void remove(String name, List<String> regions) throws InterruptedException {
    if (!regions.isEmpty()) {
      Struct _ =
          client.call(
              "RemoveRegionsFromReplication",
              Struct.of("SecretId", name, "RemoveReplicaRegions", regions));
    }
  }
}
