package dev.tiphys.secrets.data;

import dev.tiphys.secrets.provider.StoreException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// How the values of a store are decoded: a `decodingStrategy`.
public enum Decoding {
  NONE,
  BASE64,
  BASE64_URL,
  /// Either, if it is that; as it is otherwise.
  AUTO;

  /// @param strategy empty for none
  public static Decoding of(String strategy) {
    return switch (strategy) {
      case "", "None" -> NONE;
      case "Base64" -> BASE64;
      case "Base64URL" -> BASE64_URL;
      case "Auto" -> AUTO;
      default -> throw new StoreException("decoding strategy " + strategy + " is not supported");
    };
  }

  /// All values decoded.
  ///
  /// @throws StoreException if one is not what it is to be; it names the key
  public Map<String, byte[]> decode(Map<String, byte[]> values) {
    Map<String, byte[]> decoded = new LinkedHashMap<>();
    values.forEach((key, value) -> decoded.put(key, decode(key, value)));
    return decoded;
  }

  /// @param key for messages
  public byte[] decode(String key, byte[] value) {
    try {
      return switch (this) {
        case NONE -> value;
        case BASE64 -> Base64.getDecoder().decode(value);
        case BASE64_URL -> Base64.getUrlDecoder().decode(value);
        case AUTO -> guessed(value);
      };
    } catch (IllegalArgumentException e) {
      throw new StoreException("failure decoding key \"" + key + "\": it is no " + text());
    }
  }

  private String text() {
    return this == BASE64_URL ? "base64 of the alphabet for URLs" : "base64";
  }

  private static byte[] guessed(byte[] value) {
    for (Base64.Decoder decoder :
        new Base64.Decoder[] {Base64.getDecoder(), Base64.getUrlDecoder()}) {
      try {
        return decoder.decode(value);
      } catch (IllegalArgumentException e) {
        // the next one, or as it is
      }
    }
    return value;
  }
}
