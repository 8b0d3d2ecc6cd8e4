package dev.tiphys.template.externalsecrets;

import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/// PKCS #12: keys and certificates in one file, under a password. Passwords may be empty.
final class Keystores {

  /// What a file takes, in steps: its key is derived slowly from the password.
  private static final int STEPS = 20_000;

  private Keystores() {}

  static List<Function> functions() {
    return List.of(
        Function.of("pkcs12key", call -> key(call, "", call.text(0)), STRING),
        Function.of("pkcs12keyPass", call -> key(call, call.text(0), call.text(1)), STRING, STRING),
        Function.of("pkcs12cert", call -> certificates(call, "", call.text(0)), STRING),
        Function.of(
            "pkcs12certPass",
            call -> certificates(call, call.text(0), call.text(1)),
            STRING,
            STRING),
        Function.of("pemToPkcs12", call -> store(call, false, ""), STRING, STRING),
        Function.of(
            "pemToPkcs12Pass", call -> store(call, false, call.text(2)), STRING, STRING, STRING),
        Function.of("fullPemToPkcs12", call -> store(call, true, ""), STRING, STRING),
        Function.of(
            "fullPemToPkcs12Pass", call -> store(call, true, call.text(2)), STRING, STRING, STRING),
        Function.of("pemTruststoreToPKCS12", call -> trust(call, ""), STRING),
        Function.of(
            "pemTruststoreToPKCS12Pass", call -> trust(call, call.text(1)), STRING, STRING));
  }

  /// @param problem what the message begins with if the file can't be read
  private static KeyStore load(Call call, String password, String file, String problem) {
    call.budget().steps(STEPS);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(Utf8.bytes(file)), secret(password));
      return store;
    } catch (IOException | GeneralSecurityException e) {
      boolean wrong = e.getCause() instanceof GeneralSecurityException;
      throw new CallException(
          problem
              + (wrong
                  ? "pkcs12: decryption password incorrect"
                  : "pkcs12: error reading P12 data"));
    }
  }

  private static char[] secret(String password) {
    return Utf8.characters(password).toCharArray();
  }

  /// The one entry with a key.
  private static String entry(KeyStore store, String problem) throws GeneralSecurityException {
    String found = null;
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        if (found != null) {
          throw new CallException(problem + "pkcs12: expected exactly one key bag");
        }
        found = alias;
      }
    }
    if (found == null) {
      throw new CallException(problem + "pkcs12: private key missing");
    }
    return found;
  }

  private static String key(Call call, String password, String file) {
    String problem = "unable to decode pkcs12 with password: ";
    KeyStore store = load(call, password, file, problem);
    try {
      Key key = store.getKey(entry(store, problem), secret(password));
      return call.made(PemBlock.of("PRIVATE KEY", key.getEncoded()).text());
    } catch (GeneralSecurityException e) {
      throw new CallException(problem + "pkcs12: decryption password incorrect");
    }
  }

  private static String certificates(Call call, String password, String file) {
    String problem = "unable to decode pkcs12 certificate with password: ";
    KeyStore store = load(call, password, file, problem);
    List<X509Certificate> found = new ArrayList<>();
    try {
      String entry = entry(store, problem);
      add(found, store.getCertificateChain(entry));
      for (String alias : Collections.list(store.aliases())) {
        if (!alias.equals(entry)) {
          add(found, new Certificate[] {store.getCertificate(alias)});
        }
      }
    } catch (GeneralSecurityException e) {
      throw new CallException(problem + PemBlock.message(e));
    }
    StringBuilder text = new StringBuilder();
    inOrder(found).forEach(certificate -> text.append(PemBlock.certificate(certificate)));
    return call.made(text.toString());
  }

  private static void add(List<X509Certificate> found, Certificate[] certificates) {
    for (Certificate certificate : certificates) {
      if (certificate instanceof X509Certificate x509 && !found.contains(x509)) {
        found.add(x509);
      }
    }
  }

  private static List<X509Certificate> inOrder(List<X509Certificate> certificates) {
    try {
      return Chains.ordered(certificates);
    } catch (CallException e) {
      return certificates; // no one chain: as they stand in the file
    }
  }

  /// @param full whether the certificates behind the first one are kept
  private static String store(Call call, boolean full, String password) {
    List<PemBlock> blocks = PemBlock.all(call.text(0));
    if (blocks.isEmpty()) {
      throw new CallException("runtime error: invalid memory address or nil pointer dereference");
    }
    List<X509Certificate> chain =
        (full ? blocks : blocks.subList(0, 1)).stream().map(PemBlock::certificate).toList();
    PrivateKey key = PemBlock.first(call.text(1)).privateKey();
    call.budget().steps(STEPS);
    try {
      KeyStore store = empty();
      store.setKeyEntry("1", key, secret(password), chain.toArray(Certificate[]::new));
      return written(call, store, password);
    } catch (GeneralSecurityException | IOException e) {
      throw new CallException("pkcs12: " + PemBlock.message(e));
    }
  }

  private static String trust(Call call, String password) {
    call.budget().steps(STEPS);
    try {
      KeyStore store = empty();
      for (PemBlock block : PemBlock.all(call.text(0))) {
        X509Certificate certificate = block.certificate();
        store.setCertificateEntry(certificate.getSubjectX500Principal().getName(), certificate);
      }
      return written(call, store, password);
    } catch (GeneralSecurityException | IOException e) {
      throw new CallException("pkcs12: " + PemBlock.message(e));
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static String written(Call call, KeyStore store, String password)
      throws GeneralSecurityException, IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    store.store(file, secret(password));
    return call.made(Base64.getEncoder().encodeToString(file.toByteArray()));
  }
}
