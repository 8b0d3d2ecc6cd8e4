package dev.tiphys.schema.validation.storage;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;

/// Rules for VolumeAttachments.
public final class AttachmentRules {

  private static final int METADATA_BYTES = 256 * 1024;
  private static final int LONGEST_MESSAGE = 1024;
  private static final String ONE_SOURCE =
      "must specify exactly one of inlineVolumeSpec and persistentVolumeName";

  private AttachmentRules() {}

  /// New attachments are held to more than those that were made before.
  public static void create(FieldValue attachment) {
    attachment(attachment);
    FieldValue spec = attachment.at("spec");
    DriverRules.csiDriver(spec.at("attacher"));
    FieldValue volume = spec.at("source", "persistentVolumeName");
    if (volume.isSet()) {
      volume.mustBe(Formats::dnsSubdomain);
    }
  }

  /// What every VolumeAttachment must be, however old.
  public static void attachment(FieldValue attachment) {
    FieldValue spec = attachment.at("spec");
    spec.at("attacher").mustBeSet();
    source(spec.at("source"));
    spec.at("nodeName").mustBe(Formats::dnsSubdomain);
    FieldValue status = attachment.at("status");
    StorageClassRules.atMost(status.at("attachmentMetadata"), METADATA_BYTES);
    error(status.at("attachError"));
    error(status.at("detachError"));
  }

  private static void source(FieldValue source) {
    FieldValue volume = source.at("persistentVolumeName");
    FieldValue inline = source.at("inlineVolumeSpec");
    if (!volume.isSet() && !inline.isSet()) {
      source.required(ONE_SOURCE);
    } else if (volume.isSet() && inline.isSet()) {
      source.forbidden(ONE_SOURCE);
    } else if (volume.isSet()) {
      volume.mustBeSet("must specify non empty persistentVolumeName");
    } else {
      PersistentVolumeRules.spec(inline, true);
    }
  }

  /// Upstream's message about long messages tells another number than it means.
  private static void error(FieldValue error) {
    FieldValue message = error.at("message");
    if (Formats.byteLength(message.string()) > LONGEST_MESSAGE) {
      message.tooLong(METADATA_BYTES);
    }
    FieldValue code = error.at("errorCode");
    if (code.integer() < 0) {
      code.invalid("must be between 0 and 2147483647, inclusive");
    }
  }

  public static void update(FieldValue now, Struct before) {
    attachment(now);
    now.at("spec").mustEqual(before.get("spec"), "io.k8s.api.storage.v1.VolumeAttachmentSpec");
  }
}
