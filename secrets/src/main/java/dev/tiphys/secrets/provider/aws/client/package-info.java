/// Calls to services of AWS: where they are, how they are asked, and what their failures mean.
package dev.tiphys.secrets.provider.aws.client;
