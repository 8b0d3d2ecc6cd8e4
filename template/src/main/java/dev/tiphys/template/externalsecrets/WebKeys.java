package dev.tiphys.template.externalsecrets;

import static dev.tiphys.template.value.Type.STRING;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Utf8;
import java.io.IOException;
import java.text.ParseException;
import java.util.List;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/// JSON Web Keys (RFC 7517) as PEM.
final class WebKeys {

  private WebKeys() {}

  static List<Function> functions() {
    return List.of(
        Function.of("jwkPublicKeyPem", call -> publicKey(parse(call)), STRING),
        Function.of("jwkPrivateKeyPem", call -> privateKey(parse(call)), STRING));
  }

  private static JWK parse(Call call) {
    try {
      return JWK.parse(Utf8.characters(call.text(0)));
    } catch (ParseException e) {
      throw new CallException("failed to parse key: " + PemBlock.message(e));
    }
  }

  private static String publicKey(JWK key) {
    try {
      byte[] encoded =
          switch (key) {
            case OctetKeyPair pair ->
                SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                        new Ed25519PublicKeyParameters(pair.getDecodedX()))
                    .getEncoded();
            case AsymmetricJWK asymmetric when !key.isPrivate() ->
                asymmetric.toPublicKey().getEncoded();
            default -> throw new CallException("x509: unsupported public key type: " + type(key));
          };
      return PemBlock.of("PUBLIC KEY", encoded).text();
    } catch (JOSEException | IOException e) {
      throw new CallException(PemBlock.message(e));
    }
  }

  private static String privateKey(JWK key) {
    if (!key.isPrivate()) {
      throw new CallException("x509: unknown key type while marshaling PKCS#8: " + type(key));
    }
    try {
      byte[] encoded =
          switch (key) {
            case OctetKeyPair pair -> {
              AsymmetricKeyParameter secret = new Ed25519PrivateKeyParameters(pair.getDecodedD());
              yield PrivateKeyInfoFactory.createPrivateKeyInfo(secret).getEncoded();
            }
            case AsymmetricJWK asymmetric -> asymmetric.toPrivateKey().getEncoded();
            default ->
                throw new CallException(
                    "x509: unknown key type while marshaling PKCS#8: " + type(key));
          };
      return PemBlock.of("PRIVATE KEY", encoded).text();
    } catch (JOSEException | IOException e) {
      throw new CallException(PemBlock.message(e));
    }
  }

  /// What Go calls the type of such a key.
  private static String type(JWK key) {
    String owner = key.isPrivate() ? "PrivateKey" : "PublicKey";
    return switch (key.getKeyType().getValue()) {
      case "RSA" -> "*rsa." + owner;
      case "EC" -> "*ecdsa." + owner;
      case "OKP" -> "ed25519." + owner;
      default -> "[]uint8";
    };
  }
}
