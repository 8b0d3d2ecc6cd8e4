package dev.tiphys.template.externalsecrets;

import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Utf8;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/// Texts that were encrypted for a key of RSA.
final class Decryption {

  /// What a decryption takes, in steps.
  private static final int STEPS = 5_000;

  private Decryption() {}

  static List<Function> functions() {
    return List.of(Function.of("rsaDecrypt", Decryption::decrypt, STRING, STRING, STRING, STRING));
  }

  private static String decrypt(Call call) {
    return switch (call.text(0)) {
      case "None" -> call.text(2);
      case "RSA-OAEP" -> padded(call);
      default -> throw new CallException("decryption scheme " + call.text(0) + " is not supported");
    };
  }

  private static String padded(Call call) {
    PemBlock block = PemBlock.first(call.text(3));
    PrivateKey key;
    try {
      key = block.privateKey();
    } catch (CallException e) {
      throw new CallException("could not parse private key: " + e.getMessage());
    }
    if (!key.getAlgorithm().equals("RSA")) {
      throw new CallException("could not parse RSA private key");
    }
    call.budget().steps(STEPS);
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(Cipher.DECRYPT_MODE, key, parameters(call.text(1)));
      return call.made(Utf8.of(cipher.doFinal(Utf8.bytes(call.text(2)))));
    } catch (GeneralSecurityException e) {
      throw new CallException("error decrypting data with RSA: crypto/rsa: decryption error");
    }
  }

  private static OAEPParameterSpec parameters(String hash) {
    String digest =
        switch (hash) {
          case "SHA1" -> "SHA-1";
          case "SHA512" -> "SHA-512";
          default -> "SHA-256";
        };
    return new OAEPParameterSpec(
        digest, "MGF1", new MGF1ParameterSpec(digest), PSource.PSpecified.DEFAULT);
  }
}
