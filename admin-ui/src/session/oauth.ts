// What signing in needs of the library, and nothing else of it: loaded by whoever signs in, renews or signs out.
export {
  allowInsecureRequests, authorizationCodeGrantRequest, AuthorizationResponseError, calculatePKCECodeChallenge, clockSkew, clockTolerance,
  generateRandomCodeVerifier, generateRandomNonce, generateRandomState, None, processAuthorizationCodeResponse, processRefreshTokenResponse,
  refreshTokenGrantRequest, ResponseBodyError, revocationRequest, validateAuthResponse,
} from 'oauth4webapi';
