package dev.tiphys.secrets.provider.aws.server;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Secrets Manager: versions with stages, tags, filters, pages, deletion with and without recovery.
public final class SecretsService extends Operations {

  /// A secret.
  public static final class Kept {
    final String name;
    final Map<String, Struct> versions = new LinkedHashMap<>();
    final Map<String, String> stages = new TreeMap<>(); // to versions
    final Set<String> replicas = new TreeSet<>();
    public final Map<String, String> tags = new TreeMap<>();
    public String description = "";
    public String policy = "";
    public String deletion = "";

    Kept(String name) {
      this.name = name;
    }

    public Set<String> replicas() {
      return replicas;
    }

    public Struct current() {
      return versions.getOrDefault(stages.getOrDefault("AWSCURRENT", ""), Struct.EMPTY);
    }

    void add(String version, Struct content) {
      String before = stages.get("AWSCURRENT");
      if (before != null) {
        stages.put("AWSPREVIOUS", before);
      }
      versions.put(version, content);
      stages.put("AWSCURRENT", version);
    }

    String arn() {
      return "arn:aws:secretsmanager:eu-central-1:1234:secret:" + name + "-AbCdEf";
    }
  }

  private static final String VALUE = "SecretString SecretBinary ClientRequestToken";

  public final Map<String, Kept> secrets = new TreeMap<>();

  SecretsService() {
    operation("GetSecretValue", "SecretId VersionId VersionStage", this::value);
    operation("DescribeSecret", "SecretId", each -> described(find(each, true)));
    operation("ListSecrets", "Filters MaxResults NextToken", this::listed);
    operation("BatchGetSecretValue", "Filters SecretIdList MaxResults NextToken", this::batch);
    operation(
        "CreateSecret", VALUE + " Name Description KmsKeyId Tags AddReplicaRegions", this::create);
    operation("PutSecretValue", VALUE + " SecretId", this::put);
    operation("TagResource", "SecretId Tags", this::tag);
    operation("UntagResource", "SecretId TagKeys", this::untag);
    operation(
        "DeleteSecret", "SecretId ForceDeleteWithoutRecovery RecoveryWindowInDays", this::delete);
    operation("GetResourcePolicy", "SecretId", each -> policy(find(each, false)));
    operation("PutResourcePolicy", "SecretId ResourcePolicy BlockPublicPolicy", this::putPolicy);
    operation("DeleteResourcePolicy", "SecretId", this::deletePolicy);
    operation("ReplicateSecretToRegions", "SecretId AddReplicaRegions", this::replicate);
    operation("RemoveRegionsFromReplication", "SecretId RemoveReplicaRegions", this::retreat);
  }

  /// Has a secret, or a newer version of it, that others have made.
  ///
  /// @return its version
  public String have(String name, Struct content) {
    Kept kept = secrets.computeIfAbsent(name, Kept::new);
    String version = "version-" + (kept.versions.size() + 1);
    kept.add(version, content);
    return version;
  }

  private @Nullable Kept named(String id) {
    for (Kept each : secrets.values()) {
      if (each.name.equals(id) || each.arn().equals(id)) {
        return each;
      }
    }
    return null;
  }

  private Kept find(Struct request, boolean deleted) {
    Kept kept = named(request.string("SecretId"));
    if (kept == null) {
      throw missing("Secrets Manager can't find the specified secret.");
    }
    if (!kept.deletion.isEmpty() && !deleted) {
      throw new Refusal(
          "InvalidRequestException",
          "You can't perform this operation on the secret because it was marked for deletion.");
    }
    return kept;
  }

  private static Refusal missing(String message) {
    return new Refusal("ResourceNotFoundException", message);
  }

  private Struct value(Struct request) {
    Kept kept = find(request, false);
    String stage = request.string("VersionStage");
    String version =
        request.has("VersionId")
            ? request.string("VersionId")
            : kept.stages.getOrDefault(stage.isEmpty() ? "AWSCURRENT" : stage, "");
    Struct content = kept.versions.get(version);
    if (content == null) {
      throw missing("Secrets Manager can't find the specified secret value for: " + stage);
    }
    return content.with("Name", kept.name).with("ARN", kept.arn()).with("VersionId", version);
  }

  private static Struct described(Kept kept) {
    StructBuilder stages = new StructBuilder();
    kept.stages.forEach((stage, version) -> stages.put(version, List.of(stage)));
    StructBuilder all =
        new StructBuilder()
            .add("ARN", kept.arn())
            .add("Name", kept.name)
            .add("KmsKeyId", "alias/aws/secretsmanager")
            .add("Tags", list(kept.tags))
            .add("VersionIdsToStages", stages.build())
            .add(
                "ReplicationStatus",
                kept.replicas.stream().map(each -> Struct.of("Region", each)).toList());
    return kept.deletion.isEmpty() ? all.build() : all.add("DeletedDate", 1.5e9).build();
  }

  private List<Kept> filtered(Struct request) {
    List<Kept> found = new ArrayList<>();
    for (Kept kept : secrets.values()) {
      if (kept.deletion.isEmpty()
          && request.structs("Filters").stream().allMatch(each -> matches(kept, each))) {
        found.add(kept);
      }
    }
    return found;
  }

  private static boolean matches(Kept kept, Struct filter) {
    String value = filter.strings("Values").getFirst();
    return switch (filter.string("Key")) {
      case "name" -> kept.name.startsWith(value);
      case "tag-key" -> kept.tags.containsKey(value);
      case "tag-value" -> kept.tags.containsValue(value);
      default -> throw new Refusal("ValidationException", "unknown filter");
    };
  }

  private Struct listed(Struct request) {
    return page(request, "SecretList", filtered(request).stream().map(k -> described(k)).toList());
  }

  private Struct batch(Struct request) {
    if (request.structs("Filters").isEmpty() == request.strings("SecretIdList").isEmpty()) {
      throw new Refusal("InvalidParameterException", "Either Filters or SecretIdList");
    }
    List<Struct> values =
        filtered(request).stream().map(each -> each.current().with("Name", each.name)).toList();
    return page(request, "SecretValues", values).with("Errors", List.of());
  }

  private static Struct content(Struct request) {
    boolean text = request.has("SecretString");
    if (text == request.has("SecretBinary")) {
      throw new Refusal("InvalidParameterException", "one of SecretString and SecretBinary");
    }
    String field = text ? "SecretString" : "SecretBinary";
    return Struct.of(field, request.string(field));
  }

  private Struct create(Struct request) {
    String name = request.string("Name");
    Kept before = secrets.get(name);
    if (before != null) {
      throw before.deletion.isEmpty()
          ? new Refusal("ResourceExistsException", "already exists")
          : new Refusal("InvalidRequestException", "already scheduled for deletion");
    }
    Kept kept = new Kept(name);
    kept.description = request.string("Description");
    tag(kept.tags, request.structs("Tags"));
    request.structs("AddReplicaRegions").forEach(r -> kept.replicas.add(r.string("Region")));
    kept.add(version(request), content(request));
    secrets.put(name, kept);
    return Struct.of("ARN", kept.arn(), "Name", name);
  }

  private static String version(Struct request) {
    String version = request.string("ClientRequestToken");
    if (version.length() < 32 || version.length() > 64) {
      throw new Refusal("InvalidParameterException", "ClientRequestToken must be 32-64 long");
    }
    return version;
  }

  private Struct put(Struct request) {
    Kept kept = find(request, false);
    if (kept.versions.containsKey(version(request))) {
      throw new Refusal("ResourceExistsException", "a version of this id is there");
    }
    kept.add(version(request), content(request));
    return Struct.of("ARN", kept.arn());
  }

  private Struct tag(Struct request) {
    tag(find(request, false).tags, request.structs("Tags"));
    return Struct.EMPTY;
  }

  private Struct untag(Struct request) {
    request.strings("TagKeys").forEach(find(request, false).tags::remove);
    return Struct.EMPTY;
  }

  private Struct delete(Struct request) {
    Kept kept = find(request, false);
    long days = request.integer("RecoveryWindowInDays");
    boolean force = request.bool("ForceDeleteWithoutRecovery");
    if (!kept.replicas.isEmpty() || force && days != 0) {
      throw new Refusal("InvalidParameterException", "replicas, or both ways at once");
    }
    kept.deletion = days == 0 ? "in 30 days" : "in " + days + " days";
    if (force) {
      secrets.remove(kept.name);
    }
    return Struct.of("ARN", kept.arn());
  }

  private static Struct policy(Kept kept) {
    Struct answer = Struct.of("ARN", kept.arn());
    return kept.policy.isEmpty() ? answer : answer.with("ResourcePolicy", kept.policy);
  }

  private Struct putPolicy(Struct request) {
    find(request, false).policy = request.string("ResourcePolicy");
    return Struct.EMPTY;
  }

  private Struct deletePolicy(Struct request) {
    find(request, false).policy = "";
    return Struct.EMPTY;
  }

  private Struct replicate(Struct request) {
    Kept kept = find(request, false);
    request.structs("AddReplicaRegions").forEach(r -> kept.replicas.add(r.string("Region")));
    return Struct.EMPTY;
  }

  private Struct retreat(Struct request) {
    request.strings("RemoveReplicaRegions").forEach(find(request, false).replicas::remove);
    return Struct.EMPTY;
  }
}
