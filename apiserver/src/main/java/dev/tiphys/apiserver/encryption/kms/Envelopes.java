package dev.tiphys.apiserver.encryption.kms;

import com.google.protobuf.ByteString;
import dev.tiphys.apiserver.encryption.Transformer.TransformException;
import dev.tiphys.apiserver.encryption.kms.EncryptedObjects.EncryptedDekSourceType;
import dev.tiphys.apiserver.encryption.kms.EncryptedObjects.EncryptedObject;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.Map;

/// What must be so of an [EncryptedObject], in upstream's words.
final class Envelopes {

  static final int LARGEST_KEY_ID = 1024;
  private static final int LARGEST_SEED = 1024;
  private static final int LARGEST_ANNOTATIONS = 32 * 1024;

  private Envelopes() {}

  /// @throws TransformException if it can't be used
  static void check(EncryptedObject object) {
    if (object.getEncryptedDekSourceType() == EncryptedDekSourceType.UNRECOGNIZED) {
      throw new TransformException(
          "unknown encryptedDEKSourceType: " + object.getEncryptedDekSourceTypeValue());
    }
    if (object.getEncryptedData().isEmpty()) {
      throw new TransformException("encrypted data is empty");
    }
    checkHead(object);
  }

  /// Checks all but the data.
  static void checkHead(EncryptedObject object) {
    int seed = object.getEncryptedDekSource().size();
    if (seed == 0) {
      throw new TransformException(
          "failed to validate encrypted DEK source: encrypted DEK source is empty");
    }
    if (seed > LARGEST_SEED) {
      throw new TransformException(
          "failed to validate encrypted DEK source: encrypted DEK source is "
              + seed
              + " bytes, which exceeds the max size of "
              + LARGEST_SEED);
    }
    String problem = keyIdProblem(object.getKeyId());
    if (!problem.isEmpty()) {
      throw new TransformException("failed to validate key id: " + problem);
    }
    checkAnnotations(object.getAnnotationsMap());
  }

  /// What is wrong with a key's name; empty if nothing is.
  static String keyIdProblem(String keyId) {
    if (keyId.isEmpty()) {
      return "keyID is empty";
    }
    int length = Formats.byteLength(keyId);
    return length > LARGEST_KEY_ID
        ? "keyID is " + length + " bytes, which exceeds the max size of " + LARGEST_KEY_ID
        : "";
  }

  private static void checkAnnotations(Map<String, ByteString> annotations) {
    long size = 0;
    FieldErrors errors = new FieldErrors();
    FieldValue place = FieldValue.top(errors, Struct.EMPTY).at("annotations");
    for (Map.Entry<String, ByteString> each : annotations.entrySet()) {
      checkDomain(place.holding(each.getKey()));
      size += Formats.byteLength(each.getKey()) + each.getValue().size();
    }
    if (!errors.isEmpty()) {
      throw new TransformException("failed to validate annotations: " + errors.message());
    }
    if (size > LARGEST_ANNOTATIONS) {
      throw new TransformException(
          "failed to validate annotations: total size of annotations is "
              + size
              + ", which exceeds the max size of "
              + LARGEST_ANNOTATIONS);
    }
  }

  private static void checkDomain(FieldValue name) {
    if (name.mustBeSetAnd(Formats::dnsSubdomain) && !name.string().contains(".")) {
      name.invalid("should be a domain with at least two segments separated by dots");
    }
  }
}
