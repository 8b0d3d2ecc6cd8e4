package dev.tiphys.schema.validation.storage;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.PathRules;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Rules for the storage systems that volumes of Pods and persistent volumes name alike.
public final class DriverRules {

  public static final String LONG_INITIATOR =
      "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if"
          + " iscsi.initiatorName is specified.";

  private static final List<String> HOST_PATH_TYPES =
      List.of(
          "",
          "BlockDevice",
          "CharDevice",
          "Directory",
          "DirectoryOrCreate",
          "File",
          "FileOrCreate",
          "Socket");
  private static final int LONGEST_DRIVER = 63;
  private static final int LONGEST_TENANT = 64;
  private static final Pattern IQN =
      Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}.-]+)(:[^,;*&$|\\s]+)$");
  private static final Pattern EUI = Pattern.compile("^eui.\\p{Alnum}{16}$");
  private static final Pattern NAA = Pattern.compile("^naa.\\p{Alnum}{32}$");
  private static final String REGISTRY =
      "must be a host:port pair or multiple pairs separated by commas";
  private static final List<String> CACHING_MODES = List.of("None", "ReadOnly", "ReadWrite");
  private static final List<String> DISK_KINDS = List.of("Dedicated", "Managed", "Shared");
  private static final String MANAGED_DISK =
      "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
  private static final String BLOB_DISK =
      "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";

  private DriverRules() {}

  /// Fields that must be set, and nothing else.
  public static void set(FieldValue source, String... fields) {
    for (String field : fields) {
      source.at(field).mustBeSet();
    }
  }

  public static void hostPath(FieldValue source) {
    if (source.at("path").mustBeSet()) {
      PathRules.noBacksteps(source.at("path"));
      source.at("type").mayBeOneOf(HOST_PATH_TYPES);
    }
  }

  public static void gcePersistentDisk(FieldValue source) {
    source.at("pdName").mustBeSet();
    partition(source.at("partition"));
  }

  public static void awsElasticBlockStore(FieldValue source) {
    source.at("volumeID").mustBeSet();
    partition(source.at("partition"));
  }

  /// The message names another least number than the rule has.
  private static void partition(FieldValue partition) {
    if (partition.integer() < 0 || partition.integer() > 255) {
      partition.invalid("must be between 1 and 255, inclusive");
    }
  }

  public static void nfs(FieldValue source) {
    set(source, "server", "path");
    if (!source.at("path").string().startsWith("/")) {
      source.at("path").invalid(source.at("path").string(), "must be an absolute path");
    }
  }

  /// @param badStart what is said of a name of unknown sort
  public static void iscsi(FieldValue source, String badStart) {
    FieldValue iqn = source.at("iqn");
    if (iqn.mustBeSet()) {
      iscsiName(iqn, badStart);
    }
    source.at("lun").mustBeBetween(0, 255);
    boolean authenticates =
        source.at("chapAuthDiscovery").bool() || source.at("chapAuthSession").bool();
    if (authenticates && !source.at("secretRef").isSet()) {
      source.at("secretRef").required();
    }
    if (source.at("initiatorName").isSet()) {
      iscsiName(source.at("initiatorName").shownAs("initiatorname"), badStart);
    }
  }

  private static void iscsiName(FieldValue value, String badStart) {
    String name = value.string();
    String sort = name.substring(0, Math.min(3, name.length()));
    boolean good =
        switch (sort) {
          case "iqn" -> IQN.matcher(name).find();
          case "eui" -> EUI.matcher(name).find();
          case "naa" -> NAA.matcher(name).find();
          default -> {
            value.invalid(badStart);
            yield true;
          }
        };
    if (!good) {
      value.invalid("must be valid format");
    }
  }

  public static void flocker(FieldValue source) {
    FieldValue name = source.at("datasetName");
    FieldValue uuid = source.at("datasetUUID");
    if (name.isEmpty() && uuid.isEmpty()) {
      source.required("one of datasetName and datasetUUID is required");
    }
    if (!name.isEmpty() && !uuid.isEmpty()) {
      source.invalid("resource", "datasetName and datasetUUID can not be specified simultaneously");
    }
    if (name.string().contains("/")) {
      name.invalid("must not contain '/'");
    }
  }

  /// @param inAnyNamespace whether the secret can be in any namespace, and so must name one
  public static void cinder(FieldValue source, boolean inAnyNamespace) {
    source.at("volumeID").mustBeSet();
    secret(source.at("secretRef"), inAnyNamespace);
  }

  public static void storageOs(FieldValue source, boolean inAnyNamespace) {
    source.at("volumeName").mustBeSetAnd(Formats::dnsLabel);
    source.at("volumeNamespace").mayBe(Formats::dnsLabel);
    secret(source.at("secretRef"), inAnyNamespace);
  }

  private static void secret(FieldValue secret, boolean inAnyNamespace) {
    if (secret.isSet()) {
      secret.at("name").mustBeSet();
      if (inAnyNamespace) {
        secret.at("namespace").mustBeSet();
      }
    }
  }

  public static void quobyte(FieldValue source) {
    FieldValue registry = source.at("registry");
    if (registry.mustBeSet(REGISTRY)) {
      if (source.at("tenant").string().length() > LONGEST_TENANT) {
        source.at("tenant").required("must be a UUID and may not exceed a length of 64 characters");
      } else {
        for (String pair : registry.string().split(",", -1)) {
          if (!isHostAndPort(pair)) {
            registry.invalid(REGISTRY);
          }
        }
      }
    }
    source.at("volume").mustBeSet();
  }

  private static boolean isHostAndPort(String pair) {
    int colon = pair.lastIndexOf(':');
    String host = colon < 0 ? "" : pair.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return colon >= 0 && (bracketed || host.indexOf(':') < 0);
  }

  public static void fibreChannel(FieldValue source) {
    FieldValue names = source.at("targetWWNs");
    FieldValue ids = source.at("wwids");
    if (names.isEmpty() && ids.isEmpty()) {
      names.required("must specify either targetWWNs or wwids, but not both");
    }
    if (!names.isEmpty() && !ids.isEmpty()) {
      names.invalid("targetWWNs and wwids can not be specified simultaneously");
    }
    FieldValue lun = source.at("lun");
    if (!names.isEmpty() && lun.mustBeSet("lun is required if targetWWNs is specified")) {
      lun.mustBeBetween(0, 255);
    }
  }

  public static void flexVolume(FieldValue source) {
    source.at("driver").mustBeSet();
    for (FieldValue option : source.at("options").entries()) {
      String key = option.name();
      int slash = key.indexOf('/');
      String group = slash < 0 ? key : key.substring(0, slash);
      String domain = "." + group.toLowerCase(Locale.ROOT);
      if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
        option.invalid(key, "kubernetes.io and k8s.io namespaces are reserved");
      }
    }
  }

  public static void azureDisk(FieldValue source) {
    set(source, "diskName", "diskURI");
    source.at("cachingMode").mayBeOneOf(CACHING_MODES);
    FieldValue kind = source.at("kind");
    kind.mayBeOneOf(DISK_KINDS);
    FieldValue uri = source.at("diskURI");
    boolean managed = kind.is("Managed");
    String start = managed ? "/subscriptions/" : "https://";
    if (kind.isSet() && !uri.string().startsWith(start)) {
      uri.notSupported(List.of(managed ? MANAGED_DISK : BLOB_DISK));
    }
  }

  /// The name of a CSI driver, in which case does not matter.
  public static void csiDriver(FieldValue driver) {
    driver.mustBeSet();
    driver.mustNotBeLongerThan(LONGEST_DRIVER);
    for (String problem : Formats.dnsSubdomain(driver.string().toLowerCase(Locale.ROOT))) {
      driver.invalid(driver.string(), problem);
    }
  }
}
