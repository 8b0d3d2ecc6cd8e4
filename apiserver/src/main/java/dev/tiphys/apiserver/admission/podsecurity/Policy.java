package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.ArrayList;
import java.util.List;

/// What a namespace asks of its Pods.
///
/// @param enforce what is refused otherwise
/// @param audit what is noted in the audit log otherwise
/// @param warn what the client is warned of otherwise
public record Policy(LevelVersion enforce, LevelVersion audit, LevelVersion warn) {

  static final Policy PRIVILEGED =
      new Policy(LevelVersion.PRIVILEGED, LevelVersion.PRIVILEGED, LevelVersion.PRIVILEGED);

  /// What the labels and the audit annotations of the plugin begin with.
  static final String PREFIX = "pod-security.kubernetes.io/";

  private static final String VERSION = "-version";

  /// A policy as the labels of a namespace state it, and what is wrong with those.
  record Read(Policy policy, FieldErrors errors) {}

  /// What the labels of a namespace ask for. A level that can't be read counts as the strictest
  /// where it is enforced, and as none elsewhere.
  ///
  /// @param defaults what counts where a label says nothing
  static Read of(Struct labels, Policy defaults) {
    FieldErrors errors = new FieldErrors();
    LevelVersion enforce = read(labels, "enforce", defaults.enforce, Level.RESTRICTED, errors);
    LevelVersion audit = read(labels, "audit", defaults.audit, Level.PRIVILEGED, errors);
    LevelVersion warn = read(labels, "warn", defaults.warn, Level.PRIVILEGED, errors);
    boolean states = Level.find(labels.string(PREFIX + "enforce")) != null;
    boolean stricter = enforce.level().compareTo(warn.level()) > 0;
    if (states && stricter && labels.get(PREFIX + "warn") == null) {
      boolean versioned = labels.get(PREFIX + "warn" + VERSION) != null;
      warn = versioned ? warn.withLevel(enforce.level()) : enforce;
    }
    return new Read(new Policy(enforce, audit, warn), errors);
  }

  private static LevelVersion read(
      Struct labels, String mode, LevelVersion usual, Level unreadable, FieldErrors errors) {
    LevelVersion read = usual;
    String key = PREFIX + mode;
    if (labels.get(key) != null) {
      String text = labels.string(key);
      Level level = Level.find(text);
      read = read.withLevel(level == null ? unreadable : level);
      if (level == null) {
        errors.add(invalid(key, text, Level.PROBLEM));
      }
    }
    String versionKey = key + VERSION;
    if (labels.get(versionKey) != null) {
      String text = labels.string(versionKey);
      try {
        read = read.withVersion(LevelVersion.parseVersion(text));
      } catch (IllegalArgumentException e) {
        read = read.withVersion(LevelVersion.LATEST);
        errors.add(invalid(versionKey, text, LevelVersion.PROBLEM));
      }
    }
    return read;
  }

  private static FieldError invalid(String key, String value, String problem) {
    return new FieldError(
        FieldError.Type.INVALID, "metadata.labels[" + key + "]", FieldError.quoted(value), problem);
  }

  boolean isPrivileged() {
    return enforce.isPrivileged() && audit.isPrivileged() && warn.isPrivileged();
  }

  boolean isEquivalentTo(Policy other) {
    return enforce.isEquivalentTo(other.enforce)
        && audit.isEquivalentTo(other.audit)
        && warn.isEquivalentTo(other.warn);
  }

  /// What the labels of a namespace state and restrict, for warnings.
  String stated(Struct labels) {
    List<String> parts = new ArrayList<>();
    state(parts, labels, "enforce", enforce);
    state(parts, labels, "audit", audit);
    state(parts, labels, "warn", warn);
    return String.join(", ", parts);
  }

  private static void state(List<String> parts, Struct labels, String mode, LevelVersion level) {
    boolean stated =
        labels.get(PREFIX + mode) != null || labels.get(PREFIX + mode + VERSION) != null;
    if (!level.isPrivileged() && stated) {
      parts.add(mode + "=" + level);
    }
  }
}
