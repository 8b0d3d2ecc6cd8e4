/// Parameter Store, a part of Systems Manager.
package dev.tiphys.secrets.provider.aws.parameterstore;
