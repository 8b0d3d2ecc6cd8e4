/// What AWS's stores of secrets have in common: values that are JSON, tags that tell whose a secret
/// is, and what a push says besides.
package dev.tiphys.secrets.provider.aws.store;
