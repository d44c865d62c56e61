/**
 * The one door to the AWS SDK. It costs some 70 ms and 15 MB, so it is only ever loaded with `import()`, at the first
 * request; types may be imported from it freely.
 */

export type {
  BedrockRuntimeClientConfig,
  ContentBlock,
  ConverseStreamCommandInput,
  ConverseStreamOutput,
  Message as ConverseMessage,
  Tool,
} from '@aws-sdk/client-bedrock-runtime'
export { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'
export { fromIni, fromNodeProviderChain, fromSSO } from '@aws-sdk/credential-providers'
export { EventStreamCodec } from '@smithy/eventstream-codec'
export { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler'
export { fromUtf8, toUtf8 } from '@smithy/util-utf8'

export type AwsSdk = typeof import('./aws-sdk.ts')
