package dev.tiphys.store.etcd;

import java.nio.file.Path;

/// How to know etcd, and how to be known to it: files in PEM form.
///
/// @param authority the certificates that etcd's must be signed by
/// @param certificate our own certificate
/// @param key its private key, in PKCS #8 form
public record EtcdTls(Path authority, Path certificate, Path key) {}
